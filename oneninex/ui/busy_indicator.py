"""Words for whoever waits: a page that takes longer than a moment says so, to the ear as well."""

from streamlit.components.v2 import component

from oneninex.ui.context import t

# Streamlit marks a running script on the page's frame; its own small moving picture is no word.
_COMPONENT = component(
    "loading",
    js="""const MOMENT = 700; // milliseconds
    export default ({ data }) => {
      const app = document.querySelector(".stApp");
      if (!app) return;
      let note = document.querySelector(".loading-note");
      if (!note) {
        note = document.createElement("div");
        note.className = "loading-note";
        note.setAttribute("role", "status");
        document.body.append(note);
      }
      window.loadingWatch?.disconnect();
      const tell = () => {
        clearTimeout(window.loadingTimer);
        const say = (words) => {
          note.textContent = words;
          app.toggleAttribute("data-waiting", Boolean(words)); // what is stale then fades
        };
        if (app.dataset.testScriptState !== "running") say("");
        else window.loadingTimer = setTimeout(() => say(data.words), MOMENT);
      };
      window.loadingWatch = new MutationObserver(tell);
      window.loadingWatch.observe(app, { attributeFilter: ["data-test-script-state"] });
      tell();
    }""",
)


def loading() -> None:
    """Have the browser say that the page is being made ready, whenever that takes a while."""
    _COMPONENT(data={"words": t("ui.loading")}, key="loading")
