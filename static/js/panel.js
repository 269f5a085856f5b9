// What the pages do beyond plain forms and htmx: ask before canceling, copy, say what failed, send a form once.
"use strict";

const TOAST_MS = 4000;
const toast = document.getElementById("toast");
const confirmation = document.getElementById("confirm");
let toastTimer;
let askedFor = "";

function showToast(text) {
  clearTimeout(toastTimer);
  toast.textContent = text;
  toast.showPopover();
  toastTimer = setTimeout(() => toast.hidePopover(), TOAST_MS);
}

function askFirst(form, event) {
  event.preventDefault();
  askedFor = form.id;
  document.getElementById("confirm-question").textContent = form.dataset.confirm;
  confirmation.returnValue = "";
  confirmation.showModal();
}

function sendOnce(form, event) {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.querySelector("button:not([type=button])").setAttribute("aria-busy", "true");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && form.id !== askedFor) askFirst(form, event);
  else if ("once" in form.dataset) sendOnce(form, event);
});

// The rows may have been refreshed meanwhile, so the form is looked up again by its id.
confirmation?.addEventListener("close", () => {
  const form = document.getElementById(askedFor);
  if (confirmation.returnValue === "yes" && form) form.requestSubmit();
  askedFor = "";
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  showToast(toast.dataset.copied);
});

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => showToast(toast.dataset.failed));
}
