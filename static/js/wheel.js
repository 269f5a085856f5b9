// Turns the wheel to what the server drew; it stands there already, so without a script nothing is missing.
// What was won is said once the wheel stands, and at once to who wants no motion.
"use strict";

const TURN_MS = 4000;
const WHOLE_TURNS = 4 * 360;
const disc = document.getElementById("disc");
const won = document.getElementById("won");

async function turn() {
  const end = WHOLE_TURNS + Number(disc.dataset.turn);
  won.classList.add("not-yet");
  const turning = disc.animate([{ transform: "rotate(0deg)" }, { transform: `rotate(${end}deg)` }], {
    duration: TURN_MS,
    easing: "cubic-bezier(0.15, 0.75, 0.2, 1)",
  });
  await turning.finished.catch(() => {});
  won.classList.remove("not-yet");
}

if (!matchMedia("(prefers-reduced-motion: reduce)").matches) turn();

// A reload shows the page as it is now; the fragment stays, for by it the browser goes to the wheel.
history.replaceState(null, "", location.pathname + location.hash);
