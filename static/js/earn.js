// Counts down until the next like can be paid. The server decides; this only keeps people from asking in vain.
"use strict";

const TICK_MS = 1000;
const numbers = new Intl.NumberFormat(document.documentElement.lang);

function countDown(form) {
  const button = document.getElementById("earn-like");
  const hint = document.getElementById("earn-wait");
  const until = Date.now() + form.dataset.wait * TICK_MS;
  button.setAttribute("aria-disabled", "true");

  function tick() {
    const left = Math.ceil((until - Date.now()) / TICK_MS);
    if (!form.isConnected) return;
    if (left > 0) {
      hint.querySelector(".num").textContent = numbers.format(left);
      setTimeout(tick, TICK_MS);
    } else {
      delete form.dataset.wait;
      button.removeAttribute("aria-disabled");
      hint.textContent = "";
    }
  }
  tick();
}

// Before htmx, which listens on the form itself.
document.addEventListener(
  "submit",
  (event) => {
    if (!("wait" in event.target.dataset)) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

function start() {
  const form = document.querySelector("form[data-wait]");
  if (form) countDown(form);
}

document.addEventListener("htmx:afterSwap", start);
start();
