"""The language of the page's frame, and Streamlit's own English words in the reader's language.

Streamlit has no catalogue of its own words (titles of buttons, placeholders, messages of the
connection). The area `streamlit` of ours holds them: in English letter by letter as Streamlit
writes them, in Chinese what a reader gets. A script in the page puts the one in place of the other
wherever they stand alone in an element or an attribute, also in what is drawn later.
"""

import re
from functools import cache

from streamlit.components.v2 import component

from oneninex.core.i18n import LANGS, keys, text
from oneninex.core.settings import LANGUAGE_TAGS

_AREA = "streamlit."
_LABEL = "\0"  # where a message has {label}
_JS = """
const NAMES = ["aria-label", "title", "placeholder", "data-title"];
const AWAY = "svg, canvas, style, script, code, [data-testid='stIconMaterial']";

const translator = ({ words, patterns }) => {
  const known = new Map(words);
  const forms = patterns.map(([form, words]) => [new RegExp(form), words]);
  return (said, label) => {
    const bare = said.trim();
    if (known.has(bare)) return said.replace(bare, () => known.get(bare));
    const form = label && forms.find(([form]) => form.test(bare));
    return form ? bare.replace(...form) : said;
  };
};

const put = (node, say) => {
  if (node.nodeType === Node.TEXT_NODE) {
    const said = say(node.data, false);
    if (said !== node.data) node.data = said;
  } else if (node.getAttribute) {
    for (const name of NAMES) {
      const was = node.getAttribute(name);
      const said = was && say(was, true);
      if (said !== was) node.setAttribute(name, said);
    }
  }
};

const within = (root, say) => {
  const host = root.nodeType === Node.ELEMENT_NODE ? root : root.parentElement;
  if (!host || host.closest(AWAY)) return;
  put(root, say);
  const show = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT;
  const inside = (node) => node.nodeType === Node.ELEMENT_NODE && node.matches(AWAY)
    ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
  const walker = document.createTreeWalker(root, show, inside);
  while (walker.nextNode()) put(walker.currentNode, say);
};

export default ({ data }) => {
  if (document.documentElement.lang !== data.lang) document.documentElement.lang = data.lang;
  window.ownWords?.disconnect();
  const say = translator(data);
  window.ownWords = new MutationObserver((changes) => {
    for (const change of changes) {
      const at = change.target;
      if (change.type === "childList") change.addedNodes.forEach((node) => within(node, say));
      else if (!(at.parentElement ?? at).closest(AWAY)) put(at, say);
    }
  });
  within(document.body, say);
  window.ownWords.observe(document.body, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: NAMES,
  });
};
"""
_COMPONENT = component("own_words", js=_JS)


def own_words(lang: str) -> None:
    """Tell the browser the page's language, and put Streamlit's own words into it."""
    words, patterns = _words(lang)
    data = {"lang": LANGUAGE_TAGS[lang], "words": words, "patterns": patterns}
    _COMPONENT(data=data, key="own_words")


@cache
def _words(lang: str) -> tuple[list[list[str]], list[list[str]]]:
    """Pairs of words, and of a regular expression and its replacement: as written, as read.

    Whatever language the page was in before is what is written in it now.
    """
    words, patterns = [], []
    names = sorted(key.removeprefix(_AREA) for key in keys(lang) if key.startswith(_AREA))
    for other in LANGS:
        for name in names if other != lang else ():
            key = f"streamlit.{name}"
            given = {"label": _LABEL} if name.startswith("of_") else {}
            old, new = text(key, other, **given), text(key, lang, **given)
            if given and _LABEL in old:
                form = re.escape(old).replace(re.escape(_LABEL), "(.+)")
                patterns.append([f"^{form}$", new.replace(_LABEL, "$1")])
            elif not given:
                words.append([old, new])
    return words, patterns
