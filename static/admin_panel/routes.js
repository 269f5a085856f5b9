// The order of a service's routes: dragged, or moved by buttons. Only the priorities in the form change; saving is the form's.
"use strict";

const STEP = 10;

function startOrdering(box) {
  const body = box.querySelector("tbody");
  const status = box.querySelector(".route-moved");
  let dragged = null;

  function listRows() {
    return [...body.querySelectorAll("tr.form-row:not(.empty-form)")].filter(findPriority);
  }

  function findPriority(row) {
    return row.querySelector("input[name$='-priority']");
  }

  function renumber(moved) {
    listRows().forEach((row, index) => {
      findPriority(row).value = String((index + 1) * STEP);
    });
    markEnds();
    const place = (listRows().indexOf(moved) + 1).toLocaleString(document.documentElement.lang);
    status.textContent = box.dataset.moved.replace("{place}", place);
  }

  function markEnds() {
    const rows = listRows();
    rows.forEach((row, index) => {
      row.querySelector(".route-up").disabled = index === 0;
      row.querySelector(".route-down").disabled = index === rows.length - 1;
    });
  }

  function move(row, by, button) {
    const rows = listRows();
    const other = rows[rows.indexOf(row) + by];
    if (!other) return;
    if (by < 0) other.before(row);
    else other.after(row);
    renumber(row);
    if (button.disabled) row.querySelector("button:not(:disabled)")?.focus();
    else button.focus();
  }

  function makeButton(row, name, sign, by) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `route-${name}`;
    button.textContent = sign;
    button.setAttribute("aria-label", box.dataset[name]);
    button.title = box.dataset[name];
    button.addEventListener("click", () => move(row, by, button));
    return button;
  }

  function makeGrip(row) {
    const grip = document.createElement("span");
    grip.className = "route-grip";
    grip.textContent = "⠿";
    grip.title = box.dataset.drag;
    grip.setAttribute("aria-hidden", "true");
    grip.draggable = true;
    grip.addEventListener("dragstart", (event) => {
      dragged = row;
      row.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      event.dataTransfer.setDragImage(row, 0, 0);
    });
    grip.addEventListener("dragend", () => {
      row.classList.remove("dragged");
      dragged = null;
    });
    return grip;
  }

  function addHandles(row) {
    if (!findPriority(row) || row.querySelector(".route-handles")) return;
    const handles = document.createElement("div");
    handles.className = "route-handles";
    handles.append(makeGrip(row), makeButton(row, "up", "↑", -1), makeButton(row, "down", "↓", 1));
    findPriority(row).before(handles);
  }

  body.addEventListener("dragover", (event) => {
    const row = dragged && event.target.closest("tr.form-row:not(.empty-form)");
    if (!row) return;
    event.preventDefault();
    if (row === dragged) return;
    const { top, height } = row.getBoundingClientRect();
    if (event.clientY < top + height / 2) row.before(dragged);
    else row.after(dragged);
  });
  body.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    renumber(dragged);
  });
  document.addEventListener("formset:added", (event) => {
    if (!body.contains(event.target)) return;
    addHandles(event.target);
    markEnds();
  });
  document.addEventListener("formset:removed", markEnds);
  listRows().forEach(addHandles);
  markEnds();
}

// The admin puts its scripts into the head, without "defer".
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("[data-route-order]")) startOrdering(box);
});
