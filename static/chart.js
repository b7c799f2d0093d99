// Draws a figure of plotly.js in place: the element stays where it is when the figure changes, so
// that zoom and scroll position stay too, and a figure that says the same is not drawn again.

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
  parent.append(host);
  new ResizeObserver(() => fit(host)).observe(host);
  return host;
}

function fit(host) {
  const width = host.clientWidth;
  if (!host.drawn || !width || width === host.drawnWidth) return;
  host.drawnWidth = width;
  window.Plotly.Plots.resize(host);
}

export async function draw(parent, bytes, base) {
  const host = parent.querySelector(":scope > .chart") ?? place(parent);
  const told = reader.decode(bytes);
  if (host.told === told) return;
  host.told = told;
  const { figure, alt, words, library } = JSON.parse(told);
  host.setAttribute("aria-label", alt);
  host.style.height = `${figure.layout.height}px`;
  const library_ = await plotly(`${base}/${library}`);
  if (host.told !== told) return; // a newer figure came while the library loaded
  await library_.react(host, figure.data, { ...layoutFor(figure), autosize: true }, config(words));
  host.drawnWidth = host.clientWidth;
  host.drawn = true;
}

export function remove(parent) {
  const host = parent.querySelector(":scope > .chart");
  if (host?.drawn) window.Plotly.purge(host);
}
