/* Escalier: small helps. Every page works without them. */
"use strict";

/* A form that came back with errors: its summary takes focus, once. */
function focusSummary(root) {
  const summary = root.querySelector("[data-takes-focus]");
  if (summary) summary.focus();
}

/* A link of the summary leads to the field itself, also where the target is a group of choices. */
document.addEventListener("click", (event) => {
  const link = event.target.closest(".es-errors a[href^='#']");
  if (!link) return;
  const name = link.getAttribute("href").slice(1);
  const target = document.getElementById(name) || document.getElementById(`${name}_0`);
  if (!target) return;
  event.preventDefault();
  const field = target.matches("input, select, textarea, button") ? target : target.querySelector("input, select, textarea");
  (field || target).focus();
});

/* Sent once: the button is out of use until the answer comes. The one-time key holds even without this. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter;
  window.setTimeout(() => {
    if (button) button.setAttribute("aria-disabled", "true");
  });
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
});

/* Another line in a table of fields, from the template beside it. Without scripts the server adds it. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-adds-line]");
  if (!button) return;
  const prefix = button.dataset.addsLine;
  const model = document.querySelector(`template[data-line="${prefix}"]`);
  const body = document.querySelector(`[data-lines="${prefix}"]`);
  const total = document.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  if (!model || !body || !total) return;
  event.preventDefault();
  const position = Number(total.value);
  const line = model.content.cloneNode(true);
  for (const field of line.querySelectorAll("[name], [id]")) {
    for (const name of ["name", "id", "aria-describedby"]) {
      if (field.hasAttribute(name)) field.setAttribute(name, field.getAttribute(name).replaceAll("__prefix__", position));
    }
  }
  body.append(line);
  total.value = position + 1;
  const first = body.lastElementChild.querySelector("input:not([type=hidden]), select, textarea");
  if (first) first.focus();
});

/* A session that ended: htmx gets 401, never the sign-in page inside a fragment. */
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) window.location.reload();
});

/* What waited to be saved (autosave.js) is its writer's alone: nothing of it is left when somebody signs out. */
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !String(event.target.action).includes("/logout/")) return;
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("escalier:unsent:")) localStorage.removeItem(name);
    }
  } catch {
    // A browser that keeps nothing has nothing to erase.
  }
});

document.addEventListener("DOMContentLoaded", () => focusSummary(document));
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));
