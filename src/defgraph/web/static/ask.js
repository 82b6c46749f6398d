// Makes asking smoother: fetches the page that a link or the form leads to and takes its answer,
// instead of loading all of it. Without this script the same links and the same form work.

"use strict";

(() => {
  const workbench = document.getElementById("workbench");
  let pending = null;
  let shown = location.search; // what the workbench answers at the moment

  const box = () => document.getElementById("query");
  const isOurs = (url) =>
    url.origin === location.origin &&
    url.pathname === location.pathname &&
    ["query", "question", "thing"].some((name) => url.searchParams.has(name));

  async function show(url, { push }) {
    pending?.abort();
    pending = new AbortController();
    const { signal } = pending;
    workbench.setAttribute("aria-busy", "true");
    let page;
    try {
      const response = await fetch(url, { signal, headers: { Accept: "text/html" } });
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch (error) {
      if (signal.aborted) return;
      page = null;
    }
    const fresh = page?.getElementById("workbench");
    if (!fresh) {
      location.assign(url); // the browser says best what is wrong with the server
      return;
    }
    workbench.replaceChildren(...fresh.childNodes);
    workbench.removeAttribute("aria-busy");
    document.title = page.title;
    if (push) history.pushState(null, "", url);
    shown = url.search;
    settle();
  }

  // Bring the answer into view, mark its question, and put the cursor where the query is wrong.
  function settle() {
    const answer = document.getElementById("answer");
    for (const link of document.querySelectorAll("a[data-question]")) {
      if (link.dataset.question === answer.dataset.question) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    placeCursor();
    if (box().dataset.line === undefined) {
      answer.focus({ preventScroll: true });
      answer.scrollIntoView({ block: "nearest" });
    }
  }

  function placeCursor() {
    const { line, column } = box().dataset;
    if (line === undefined) return;
    const lines = box().value.split("\n");
    const before = lines.slice(0, line - 1).reduce((length, text) => length + text.length + 1, 0);
    // A column is a character, which may be two units of a string here.
    const at = before + [...lines[line - 1]].slice(0, column - 1).join("").length;
    box().focus();
    box().setSelectionRange(at, at + 1);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.hasAttribute("download") || event.button !== 0) return;
    if (link.getAttribute("href").startsWith("#")) return; // a section of this page
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (!isOurs(url)) return;
    event.preventDefault();
    show(url, { push: true });
  });

  workbench.addEventListener("submit", (event) => {
    event.preventDefault();
    const url = new URL(event.target.action);
    url.search = new URLSearchParams(new FormData(event.target));
    show(url, { push: true });
  });

  workbench.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === box()) {
      event.preventDefault();
      box().form.requestSubmit();
    }
  });

  // Going to a section of the page is a step in the history, too, and asks nothing new.
  addEventListener("popstate", () => {
    if (location.search !== shown) show(new URL(location.href), { push: false });
  });

  placeCursor();
})();
