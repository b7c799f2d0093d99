// Shows a page that is one message of HTML and SVG. Replacing it keeps focus and scroll; a row is
// chosen by click, Enter or space, links stay in the app, and words for a pointer come at once.

const CHOICES = "[data-row], [data-go], [data-menu]";
const TIP_DELAY = 60; // milliseconds

export function show(parent, html, say) {
  let host = parent.querySelector(":scope > .figures");
  if (!host) {
    host = document.createElement("div");
    host.className = "figures";
    parent.append(host);
    tips(host);
  }
  if (host.html !== html) replace(host, html);
  host.onclick = (event) => choose(event, say);
  host.onkeydown = (event) => {
    if (event.key === "Enter" || event.key === " ") choose(event, say);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event);
  };
}

function replace(host, html) {
  const held = host.contains(document.activeElement) ? path(document.activeElement) : null;
  const scrolled = [...host.querySelectorAll("[data-scroll]")].map((part) => [part.dataset.scroll, part.scrollTop]);
  host.innerHTML = host.html = html;
  host.html = html;
  for (const [name, top] of scrolled) {
    const part = host.querySelector(`[data-scroll="${CSS.escape(name)}"]`);
    if (part) part.scrollTop = top;
  }
  if (held) host.querySelector(held)?.focus({ preventScroll: true });
}

// How to find the same element in the next message.
function path(element) {
  for (const name of ["row", "go", "menu"]) {
    if (element.dataset?.[name]) return `[data-${name}="${CSS.escape(element.dataset[name])}"]`;
  }
  return null;
}

function choose(event, say) {
  const target = event.target.closest(CHOICES);
  if (!target || event.metaKey || event.ctrlKey || event.shiftKey || event.button > 0) return;
  event.preventDefault();
  for (const name of ["menu", "go", "row"]) {
    if (target.dataset[name]) return say(name, target.dataset[name]);
  }
}

// Up and down go from row to row.
function step(event) {
  const row = event.target.closest("tr[data-row]");
  const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
  if (!next?.dataset.row) return;
  event.preventDefault();
  next.focus();
}

function tips(host) {
  let tip = document.querySelector(".figure-tip");
  if (!tip) {
    tip = document.createElement("div");
    tip.className = "figure-tip";
    tip.setAttribute("aria-hidden", "true"); // the same words are the element's own label
    document.body.append(tip);
  }
  let timer;
  const hide = () => { clearTimeout(timer); tip.classList.remove("shown"); };
  const point = (event) => {
    const target = event.target.closest("[data-tip]");
    hide();
    if (!target?.dataset.tip) return;
    timer = setTimeout(() => {
      tip.textContent = target.dataset.tip;
      tip.classList.add("shown");
      const box = target.getBoundingClientRect();
      const left = Math.min(Math.max(box.left + box.width / 2 - tip.offsetWidth / 2, 8), innerWidth - tip.offsetWidth - 8);
      const above = box.top - tip.offsetHeight - 6;
      tip.style.left = `${left}px`;
      tip.style.top = `${above > 52 ? above : box.bottom + 6}px`;
    }, TIP_DELAY);
  };
  host.addEventListener("pointerover", point);
  host.addEventListener("pointerleave", hide);
  host.addEventListener("focusin", point);
  host.addEventListener("focusout", hide);
  addEventListener("scroll", hide, { capture: true, passive: true });
}
