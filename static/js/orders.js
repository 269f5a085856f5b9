// The list of orders: one box selects all, and shows whether all are.
"use strict";

const selectAll = document.querySelector("[data-all-of]");

function listBoxes() {
  return [...document.querySelectorAll(`input[name="${selectAll.dataset.allOf}"]`)];
}

function showState() {
  const boxes = listBoxes();
  const count = boxes.filter((box) => box.checked).length;
  selectAll.checked = count > 0 && count === boxes.length;
  selectAll.indeterminate = count > 0 && count < boxes.length;
}

if (selectAll) {
  selectAll.addEventListener("change", () => {
    for (const box of listBoxes()) box.checked = selectAll.checked;
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === selectAll.dataset.allOf) showState();
  });
  document.addEventListener("htmx:afterSwap", showState);
}
