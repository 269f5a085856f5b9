// Counts down until another code may be sent; without this file the page says the seconds, and the server decides.
"use strict";

const waiting = document.querySelector("[data-countdown]");

if (waiting && Number(waiting.dataset.countdown) > 0) {
  const shown = waiting.querySelector("[data-left]");
  const end = Date.now() + Number(waiting.dataset.countdown) * 1000;
  const format = new Intl.NumberFormat(document.documentElement.lang, { minimumIntegerDigits: 2, useGrouping: false });
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    waiting.disabled = left > 0;
    shown.textContent = left > 0 ? `${format.format(Math.floor(left / 60))}:${format.format(left % 60)}` : "";
    if (left > 0) setTimeout(tick, 250);
  };
  tick();
}
