// Draws a figure with its words and buttons, or the words of one that is HTML itself. A figure of
// plotly.js is drawn in place: the element stays where it is when the figure changes, so
// that zoom and scroll position stay too, and a figure that says the same is not drawn again. A
// figure far from the screen waits for those on it.

const reader = new TextDecoder();
let bundle;

function plotly(address) {
  bundle ??= new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => loaded(window.Plotly);
    script.onerror = () => { bundle = undefined; failed(new Error("the drawing library did not load")); };
    document.head.append(script);
  });
  return bundle;
}

// A touch scrolls the page; only a mouse draws the frame that zooms.
const touched = () => matchMedia("(pointer: coarse)").matches;

function layoutFor(figure) {
  const { layout } = figure;
  if (!touched() || !layout.dragmode) return layout;
  const fixed = Object.keys(layout).filter((name) => /^[xy]axis/.test(name));
  return {
    ...layout,
    dragmode: false,
    ...Object.fromEntries(fixed.map((name) => [name, { ...layout[name], fixedrange: true }])),
  };
}

function config(words) {
  const dictionary = Object.fromEntries(Object.entries(words.plotly));
  return {
    displaylogo: false,
    showSendToCloud: false, // nothing leaves for an outside server
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "pan2d"],
    locale: "own",
    locales: { own: { dictionary, format: {} } },
  };
}

// The words above, the figure, the words below, and the buttons of what is folded under it.
function partsOf(parent) {
  const parts = parent.figureParts ?? { above: element("div"), below: element("div"), folds: element("div") };
  if (!parent.contains(parts.above)) parent.append(parts.above, parts.below, parts.folds);
  parts.folds.className = "figure-folds";
  return (parent.figureParts = parts);
}

function element(kind) {
  return document.createElement(kind);
}

function place(parent) {
  const host = element("div");
  host.className = "chart";
  host.setAttribute("role", "figure"); // an "img" would hide its buttons
  partsOf(parent).above.after(host);
  new ResizeObserver(() => fit(host)).observe(host);
  return host;
}

function say(place, html) {
  if (place.said === html) return;
  place.innerHTML = html; // the server has escaped every text in it
  place.said = html;
}

function fold(place, buttons, chosen) {
  while (place.children.length > buttons.length) place.lastChild.remove();
  buttons.forEach(({ name, words, open }, number) => {
    const button = place.children[number] ?? place.appendChild(element("button"));
    button.type = "button";
    button.name = name;
    if (button.textContent !== words) button.textContent = words;
    button.setAttribute("aria-expanded", open);
    // All of them are told at once: of clicks that wait for the server the last one counts.
    button.onclick = () => {
      button.setAttribute("aria-expanded", !isOpen(button));
      chosen(Object.fromEntries([...place.children].map((fold) => [fold.name, isOpen(fold)])));
    };
  });
}

function isOpen(button) {
  return button.getAttribute("aria-expanded") === "true";
}

function fit(host) {
  const width = host.clientWidth;
  if (!host.drawn || !width || width === host.drawnWidth) return;
  host.drawnWidth = width;
  window.Plotly.Plots.resize(host);
}

// Figures that say something new but are not seen: they are drawn when the reader comes near, when
// the page goes to paper, or once nothing else has come for a moment.
const waiting = new Set();
const MOMENT = 1500; // milliseconds
const idle = window.requestIdleCallback ?? ((task) => setTimeout(task, 50)); // Safari has none
let clock;

const nearby = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    target.near = isIntersecting;
    if (isIntersecting && waiting.has(target)) show(target);
  }
}, { rootMargin: "25% 0px" });

function showOne() {
  const [host] = waiting;
  if (!host) return;
  show(host);
  idle(showOne);
}

function wait(host) {
  waiting.add(host);
  clearTimeout(clock);
  clock = setTimeout(() => idle(showOne), MOMENT);
}

addEventListener("beforeprint", () => waiting.forEach(show));

async function show(host) {
  waiting.delete(host);
  const { told, base } = host;
  const { figure, words, library } = told;
  const library_ = await plotly(`${base}/${library}`);
  if (host.told !== told) return; // a newer figure came while the library loaded
  await library_.react(host, figure.data, { ...layoutFor(figure), autosize: true }, config(words));
  host.drawnWidth = host.clientWidth;
  if (!host.drawn) nearby.observe(host);
  host.drawn = true;
}

export async function draw(parent, bytes, base, chosen) {
  const parts = partsOf(parent);
  const lines = reader.decode(bytes);
  const end = lines.indexOf("\n");
  fold(parts.folds, JSON.parse(lines.slice(0, end)), chosen);
  const words = lines.slice(end + 1);
  if (parts.words === words) return;
  const parsed = JSON.parse(words);
  say(parts.above, parsed.above);
  say(parts.below, parsed.below);
  const found = parent.querySelector(":scope > .chart");
  if (!parsed.figure) {
    remove(parent);
    found?.remove();
  }
  parts.words = words;
  if (!parsed.figure) return;
  const host = found ?? place(parent);
  Object.assign(host, { told: parsed, base });
  host.setAttribute("aria-label", parsed.alt);
  host.style.height = `${parsed.figure.layout.height}px`;
  if (host.drawn && !host.near) return wait(host);
  try {
    await show(host);
  } catch (failed) {
    parts.words = undefined; // the next message tries again; words and table are there meanwhile
    console.error(failed);
  }
}

export function remove(parent) {
  if (parent.figureParts) parent.figureParts.words = undefined;
  const host = parent.querySelector(":scope > .chart");
  if (!host) return;
  waiting.delete(host);
  host.told = undefined;
  if (!host.drawn) return;
  nearby.unobserve(host);
  window.Plotly.purge(host);
  Object.assign(host, { drawn: false, near: false });
}
