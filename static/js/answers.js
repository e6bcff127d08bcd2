/* The questions of a part: what is typed in each, and which of them the other answers show. */
"use strict";
window.escalierAnswers = (() => {
  const fieldsOf = (group) => [...group.querySelectorAll("input[name], select[name], textarea[name]")];

  /* Names and values, as a form sends them: one for a text, many for a table, none for a choice that was not made. */
  function typedIn(group) {
    return fieldsOf(group)
      .filter((field) => field.type !== "radio" || field.checked)
      .map((field) => [field.name, field.value]);
  }

  /* Whether the page has a field for all of it: a table may have grown elsewhere; then nothing is filled in. */
  function fill(group, pairs) {
    const given = new Map(pairs);
    const names = new Set(fieldsOf(group).map((field) => field.name));
    if (pairs.some(([name, value]) => value && !names.has(name))) return false;
    for (const field of fieldsOf(group)) {
      if (field.type === "radio") field.checked = given.get(field.name) === field.value;
      else field.value = given.get(field.name) ?? "";
    }
    group.dispatchEvent(new Event("answers:filled", { bubbles: true }));
    return true;
  }

  /* What one reads of an answer: the words of a choice, the filled cells of a table. */
  function read(group) {
    const said = fieldsOf(group).map((field) => {
      if (field.type === "radio") return field.checked ? field.labels[0].textContent.trim() : "";
      return field.tagName === "SELECT" && field.value ? field.selectedOptions[0].textContent : field.value;
    });
    return said.filter(Boolean).join("\n");
  }

  /* Words beside the fields of a question, which they name as their description. */
  function describe(group, text) {
    let line = group.querySelector("[data-told]");
    if (!line && !text) return;
    if (!line) {
      line = document.createElement("p");
      line.className = "es-told";
      line.dataset.told = "";
      line.id = `told_${group.dataset.question}`;
      group.append(line);
      for (const field of fieldsOf(group)) {
        const known = field.getAttribute("aria-describedby");
        field.setAttribute("aria-describedby", known ? `${known} ${line.id}` : line.id);
      }
    }
    line.textContent = text;
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  return { fieldsOf, typedIn, fill, read, describe, same };
})();

/* What this browser keeps of answers that are not known to be saved: one item each, for several windows at once. */
window.escalierUnsent = (owner) => {
  const prefix = `escalier:unsent:${owner}`;
  const store = { works: true, remember, forget, recall };

  function tried(act, otherwise) {
    try {
      return act();
    } catch {
      store.works = false;
      return otherwise;
    }
  }

  function remember({ key, url, page, field, base, now, sent }) {
    tried(() => localStorage.setItem(prefix + key, JSON.stringify({ key, url, page, field, base, now, sent })));
  }

  /* Another window may have typed more in the same field. */
  function forget({ key, now }) {
    tried(() => {
      const kept = JSON.parse(localStorage.getItem(prefix + key) || "null");
      if (kept && window.escalierAnswers.same(kept.now, now)) localStorage.removeItem(prefix + key);
    });
  }

  function recall() {
    const names = tried(() => Object.keys(localStorage).filter((name) => name.startsWith(prefix)), []);
    return names.map((name) => tried(() => JSON.parse(localStorage.getItem(name)), null)).filter(Boolean);
  }

  return store;
};

/* A question that hangs on another one's answer shows and hides with it. Without scripts its own words say when. */
(() => {
  const form = document.querySelector("form[data-answers]");
  if (!form) return;
  const groups = [...form.querySelectorAll("[data-question]")];

  function answer(code) {
    const group = groups.find((item) => item.dataset.question === code);
    const [pair] = group ? window.escalierAnswers.typedIn(group) : [];
    return pair ? pair[1] : "";
  }

  /* In the order of the form: what hangs on a hidden question is hidden too. What holds an error stays in sight. */
  function show() {
    const hidden = new Set();
    for (const group of groups) {
      const { question, when, values, apart } = group.dataset;
      const shown = when ? !hidden.has(when) && JSON.parse(values).includes(answer(when)) : apart !== "no";
      if (!shown) hidden.add(question);
      group.hidden = !shown && !group.querySelector(".is-invalid, [data-compare-who]");
    }
  }

  for (const name of ["input", "change", "answers:filled"]) form.addEventListener(name, show);
  show();
})();
