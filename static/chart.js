// Draws a figure of plotly.js in place: the element stays where it is when the figure changes, so
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

function place(parent) {
  const host = document.createElement("div");
  host.className = "chart";
  host.setAttribute("role", "figure"); // an "img" would hide its buttons
  host.above = document.createElement("div");
  host.below = document.createElement("div");
  parent.append(host.above, host, host.below);
  new ResizeObserver(() => fit(host)).observe(host);
  return host;
}

function say(place, html) {
  if (place.said === html) return;
  place.innerHTML = html; // the server has escaped every text in it
  place.said = html;
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
  const { figure, words, library } = told.parsed;
  const library_ = await plotly(`${base}/${library}`);
  if (host.told !== told) return; // a newer figure came while the library loaded
  await library_.react(host, figure.data, { ...layoutFor(figure), autosize: true }, config(words));
  host.drawnWidth = host.clientWidth;
  if (!host.drawn) nearby.observe(host);
  host.drawn = true;
}

export async function draw(parent, bytes, base) {
  const host = parent.querySelector(":scope > .chart") ?? place(parent);
  const words = reader.decode(bytes);
  if (host.told?.words === words) return;
  const parsed = JSON.parse(words);
  Object.assign(host, { told: { words, parsed }, base });
  host.setAttribute("aria-label", parsed.alt);
  say(host.above, parsed.above);
  say(host.below, parsed.below);
  host.style.height = `${parsed.figure.layout.height}px`;
  if (host.drawn && !host.near) wait(host);
  else await show(host);
}

export function remove(parent) {
  const host = parent.querySelector(":scope > .chart");
  if (!host?.drawn) return;
  waiting.delete(host);
  nearby.unobserve(host);
  window.Plotly.purge(host);
  Object.assign(host, { drawn: false, near: false, told: undefined });
}
