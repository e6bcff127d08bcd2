/* Answers are saved while they are typed. What the network or the sign-in holds up waits in this browser: text alone,
   by person and dossier, until it is saved or its owner signs out. Without scripts the button of the form saves. */
"use strict";
(() => {
  const holder = document.querySelector("[data-autosave]");
  if (!holder) return;

  const PAUSE = 1000; // milliseconds after the last key; with the answer's way back, within 2 seconds
  const SLOW = 400;
  const LONGEST = 20000; // for one answer of the server
  const RETRIES = [2000, 4000, 8000, 15000, 30000];
  const WARNING = 5 * 60 * 1000; // before the sign-in ends

  const { fieldsOf, typedIn, fill, read, describe, same } = window.escalierAnswers;
  // The words of the button beside each state.
  const ACTS = {
    offline: "retry",
    signed_out: "sign_in",
    other: "sign_in",
    changed: "compare",
    refused: "look",
    elsewhere: "open",
    gone: "drop",
  };

  const form = document.querySelector("form[data-answers]");
  const status = holder.querySelector("[data-save-status]");
  const button = holder.querySelector("[data-save-act]");
  const dialog = document.querySelector("[data-sign-in]");
  const store = window.escalierUnsent(`${holder.dataset.person}:${holder.dataset.dossier}:`);
  const words = {};
  for (const word of document.querySelector("#autosave-words").content.querySelectorAll("[data-word]")) {
    words[word.dataset.word] = word.textContent;
  }

  const entries = new Map(); // by address and field: what is typed and not known to be saved
  let token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  let trouble = ""; // offline, signed_out, other, closed
  let savedAt = "";
  let busy = null; // the round under way
  let failures = 0;
  let retry = 0;
  let leaving = false;

  function forget(entry) {
    entries.delete(entry.key);
    store.forget(entry);
  }

  /* --- The fields of a question ------------------------------------------------------------------------------ */

  const groupOf = (entry) =>
    form && entry.url === form.dataset.url ? form.querySelector(`[data-question="${CSS.escape(entry.field)}"]`) : null;

  function rebase(entry, base) {
    entry.base = base;
    const group = groupOf(entry);
    if (!group) return;
    group.dataset.base = base;
    const began = form.elements.namedItem("began-from");
    if (began) began.value = JSON.stringify({ ...JSON.parse(began.value || "{}"), [entry.field]: base });
  }

  const tell = (entry, text) => groupOf(entry) && describe(groupOf(entry), text);

  /* --- Typing ------------------------------------------------------------------------------------------------ */

  function typed(group, pause) {
    const key = `${form.dataset.url}#${group.dataset.question}`;
    const now = typedIn(group);
    let entry = entries.get(key);
    if (entry ? same(entry.now, now) : same(group.typed, now)) {
      if (entry && !pause) {
        entry.due = 0;
        pump();
      }
      return;
    }
    const { question: field, base } = group.dataset;
    entry = entry || { key, url: form.dataset.url, page: holder.dataset.page, field, base, sent: null };
    Object.assign(entry, { now, refused: false, due: Date.now() + pause });
    entries.set(key, entry);
    store.remember(entry);
    if (entry.compare) entry.compare.querySelector("[data-compare-mine]").textContent = read(group);
    window.setTimeout(pump, pause);
  }

  /* --- Sending ----------------------------------------------------------------------------------------------- */

  const waiting = () => [...entries.values()].filter((entry) => !entry.compare && !entry.refused && !entry.stuck);

  /* One request at a time: what is due, in turn. Answers when nothing is due, or something holds it up. */
  function pump() {
    if (leaving || (trouble && trouble !== "offline")) return Promise.resolve();
    busy = busy || round().finally(() => {
      busy = null;
      show();
    });
    return busy;
  }

  async function round() {
    const slow = window.setTimeout(() => show("saving"), SLOW);
    try {
      for (;;) {
        const entry = waiting().find((item) => item.due <= Date.now());
        if (!entry || leaving || !(await send(entry))) return;
      }
    } finally {
      window.clearTimeout(slow);
    }
  }

  /* Whether the next one may follow. What was sent without an answer is sent again as it was, then what came after:
     the server may have kept the first, and its writer must not be taken for two. */
  async function send(entry, renewed = false) {
    entry.sent = entry.sent || entry.now;
    store.remember(entry);
    const body = new URLSearchParams([...entry.sent, ["field", entry.field], ["base", entry.base]]);
    body.append("csrfmiddlewaretoken", token);
    const response = await ask(entry.url, { method: "POST", body, keepalive: body.toString().length < 50000 });
    if (!response) return held("offline");
    if (response.status === 401) return held("signed_out");
    if (response.status === 403 && !renewed) return (await renew()) && send(entry, true);
    if (response.status === 404) return refusedWhole(entry);
    const json = (response.headers.get("Content-Type") || "").includes("json");
    if (!json || response.status >= 500) return held("offline");
    heard(entry, response.status, await response.json());
    return true;
  }

  /* The part is closed, or another one is; or the form of the call has changed, and the question is no longer asked. */
  async function refusedWhole(entry) {
    entry.sent = null;
    if (form && entry.url === form.dataset.url) {
      const response = await ask(holder.dataset.page);
      if (!response) return held("offline");
      if (!response.ok || !arrived(await parsed(response))) return held("closed");
      entry.gone = true;
    }
    entry.stuck = true;
    return true;
  }

  function heard(entry, code, answer) {
    trouble = "";
    failures = 0;
    const sent = entry.sent;
    entry.sent = null;
    if (code === 200) {
      savedAt = answer.said;
      rebase(entry, answer.base);
      const group = groupOf(entry);
      if (group) group.typed = sent;
      if (same(entry.now, sent)) {
        forget(entry);
        if (entry.unseen) window.location.reload();
        tell(entry, answer.told);
        return;
      }
    } else if (code === 409) compare(entry, answer);
    else if (same(entry.now, sent)) {
      entry.refused = true;
      tell(entry, answer.told);
    }
    store.remember(entry);
  }

  /* What the network or the sign-in holds up; it is tried again by itself, or when its reader signs in. */
  function held(by) {
    trouble = by;
    window.clearTimeout(retry);
    if (by === "offline") retry = window.setTimeout(again, RETRIES[Math.min(failures++, RETRIES.length - 1)]);
    return false;
  }

  function again() {
    window.clearTimeout(retry);
    for (const entry of entries.values()) entry.due = 0;
    return pump();
  }

  async function ask(url, options = {}) {
    const headers = { Accept: "application/json, text/html", ...(options.method ? { "HX-Request": "true" } : {}) };
    try {
      return await fetch(url, { headers, credentials: "same-origin", signal: AbortSignal.timeout(LONGEST), ...options });
    } catch {
      return null;
    }
  }

  /* --- Signing in again -------------------------------------------------------------------------------------- */

  async function parsed(response) {
    return new DOMParser().parseFromString(await response.text(), "text/html");
  }

  /* Whether this page came back, for the same person: its token serves from now on. */
  function arrived(page) {
    const there = page.querySelector("[data-autosave]");
    if (!there) return false;
    if (there.dataset.person !== holder.dataset.person) return held("other");
    token = page.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    trouble = "";
    failures = 0;
    return true;
  }

  async function renew() {
    const response = await ask(holder.dataset.page);
    if (!response) return held("offline");
    if (arrived(await parsed(response))) return true;
    return trouble ? false : held(response.ok ? "signed_out" : "closed");
  }

  async function signIn(response) {
    if (!response) {
      held("offline");
      return show();
    }
    const page = await parsed(response);
    const found = page.querySelector("main form");
    if (arrived(page)) {
      if (dialog.open) dialog.close();
      return again();
    }
    if (trouble === "other" || (response.ok && !found)) {
      if (dialog.open) dialog.close();
      return show();
    }
    const place = dialog.querySelector("[data-sign-in-form]");
    place.replaceChildren(...(found ? [page.querySelector(".es-errors"), found] : [page.querySelector("main")]).filter(Boolean));
    if (!dialog.open) dialog.showModal();
    const field = place.querySelector("[aria-invalid=true], input:not([type=hidden])");
    if (field) field.focus();
  }

  dialog.querySelector("[data-sign-in-form]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const sent = new URLSearchParams(new FormData(event.target));
    sent.set("next", holder.dataset.page);
    signIn(await ask(holder.dataset.login, { method: "POST", body: sent, headers: { Accept: "text/html" } }));
  });

  async function openSignIn() {
    signIn(await ask(`${holder.dataset.login}?next=${encodeURIComponent(holder.dataset.page)}`));
  }

  /* --- Two answers to one question --------------------------------------------------------------------------- */

  function compare(entry, answer) {
    const group = groupOf(entry);
    if (!group) {
      entry.stuck = true;
      return;
    }
    const panel = document.querySelector("#autosave-compare").content.cloneNode(true).firstElementChild;
    const part = (name) => panel.querySelector(`[data-compare-${name}]`);
    part("who").textContent = answer.said;
    part("who").id = `who_${entry.field}`;
    panel.setAttribute("aria-labelledby", part("who").id);
    part("mine").textContent = read(group);
    part("theirs").textContent = answer.theirs || "–";
    // What holds from now on is settled first: the panel takes the focus with it, which sends what waits.
    const settle = () => {
      rebase(entry, answer.base);
      entry.compare = null;
      panel.remove();
      fieldsOf(group)[0].focus();
    };
    part("keep").addEventListener("click", () => {
      settle();
      entry.due = 0;
      pump();
    });
    part("take").addEventListener("click", () => {
      forget(entry);
      if (!fill(group, answer.values)) window.location.reload();
      group.typed = typedIn(group);
      tell(entry, "");
      settle();
      show();
    });
    entry.compare = panel;
    group.append(panel); // below the field: the caret stays where it is
  }

  /* --- What is said ------------------------------------------------------------------------------------------ */

  function show(moment = "") {
    const all = [...entries.values()];
    const elsewhere = all.find((entry) => (entry.stuck || entry.refused) && !entry.gone && !groupOf(entry));
    const gone = all.find((entry) => entry.gone);
    const ends = holder.dataset.ends ? Date.parse(holder.dataset.ends) - Date.now() : Infinity;
    let state = moment || trouble;
    if (!state && all.some((entry) => entry.compare)) state = "changed";
    else if (!state && all.some((entry) => entry.refused && groupOf(entry))) state = "refused";
    else if (!state && !store.works && all.length) state = "memory";
    else if (!state && elsewhere) state = "elsewhere";
    else if (!state && gone) state = "gone";
    let text = state ? words[state] : savedAt || (form ? words.on : "");
    if (state === "gone") text = `${text} ${gone.now.map((pair) => pair[1]).filter(Boolean).join(" · ")}`;
    if (!state && ends < WARNING) text = `${text} ${holder.dataset.endsSaid}`;
    if (status.textContent !== text) status.textContent = text;
    const failed = !["", "saving"].includes(state);
    status.classList.toggle("is-failed", failed && state !== "offline");
    status.classList.toggle("is-waiting", state === "offline");
    status.classList.toggle("is-saved", !state && Boolean(savedAt));
    holder.hidden = !text;
    const act = words[ACTS[state]];
    button.hidden = !act;
    button.textContent = act || "";
    button.dataset.saveAct = state;
    button.dataset.href = elsewhere ? elsewhere.page : "";
  }

  function dropGone() {
    for (const entry of [...entries.values()].filter((item) => item.gone)) forget(entry);
    show();
  }

  button.addEventListener("click", () => {
    const act = button.dataset.saveAct;
    if (act === "offline") again();
    else if (act === "elsewhere") window.location.assign(button.dataset.href);
    else if (act === "gone") dropGone();
    else if (act === "changed") form.querySelector(".es-compare").focus();
    else if (act === "refused") fieldsOf(groupOf([...entries.values()].find((entry) => entry.refused && groupOf(entry))))[0].focus();
    else openSignIn();
  });

  /* --- When -------------------------------------------------------------------------------------------------- */

  const groupAt = (event) => event.target.closest("[data-question]");
  /* Everything is sent before the form is: its own sending must not meet an answer that is still under way. */
  async function settled() {
    await busy;
    await again();
    return !trouble && ![...entries.values()].some((entry) => entry.compare);
  }

  if (form) {
    for (const group of form.querySelectorAll("[data-question]")) group.typed = typedIn(group);
    form.addEventListener("input", (event) => groupAt(event) && typed(groupAt(event), PAUSE));
    form.addEventListener("change", (event) => groupAt(event) && typed(groupAt(event), 0));
    form.addEventListener("focusout", (event) => {
      const group = groupAt(event);
      if (group && !group.contains(event.relatedTarget)) typed(group, 0);
    });
    form.addEventListener("submit", async (event) => {
      if (leaving || !entries.size) return;
      event.preventDefault();
      if (!(await settled())) {
        show();
        if (trouble === "signed_out") openSignIn();
        const panel = form.querySelector(".es-compare");
        if (panel) panel.focus();
        return;
      }
      dropGone(); // the answer to the form tells what they were
      leaving = true;
      form.requestSubmit(event.submitter);
    });
  }

  /* At sign-out the last words are sent first; what cannot be is told once, then erased (escalier.js). */
  for (const exit of document.querySelectorAll("form[action*='/logout']")) {
    let told = false;
    exit.addEventListener("submit", async (event) => {
      if (told || !entries.size) return;
      event.preventDefault();
      event.stopPropagation();
      told = true;
      await settled();
      if (entries.size) status.textContent = words.leaving;
      else exit.requestSubmit();
    });
  }

  window.addEventListener("online", again);
  window.addEventListener("offline", () => {
    held("offline");
    show();
  });
  window.addEventListener("focus", () => trouble === "offline" && again());
  document.addEventListener("visibilitychange", () => again());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
  });
  window.setInterval(show, 30000);

  for (const entry of store.recall()) {
    const group = groupOf(entry);
    entries.set(entry.key, { ...entry, due: 0, unseen: Boolean(group) && !fill(group, entry.now) });
  }
  if (!navigator.onLine) held("offline");
  show();
  again();
})();
