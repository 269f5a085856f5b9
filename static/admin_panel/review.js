// The keys of the review queue: A approves, R goes to the reason, N to the next campaign, O opens the picture's page.
"use strict";

const targets = {
  a: "review-approve",
  r: "id_reason",
  n: "review-next",
  o: "review-open",
};
let sent = false;

// The letter on the key cap: on a Persian keyboard the same keys write other letters.
function readKey(event) {
  const letter = event.key.toLowerCase();
  return /^[a-z]$/.test(letter) ? letter : event.code.replace(/^Key/, "").toLowerCase();
}

function isWriting(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === targets.r) event.target.blur();
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isWriting(event.target)) return;
  const name = readKey(event);
  const target = Object.hasOwn(targets, name) && document.getElementById(targets[name]);
  if (!target) return;
  event.preventDefault();
  if (name === "r") target.focus();
  else target.click();
});

// Once: a second press of A while the next page is loading would tell of a decision made already.
document.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});
window.addEventListener("pageshow", () => {
  sent = false;
});
