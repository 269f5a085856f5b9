// Turns the wheel to what the server drew; it stands there already, so without a script nothing is missing.
"use strict";

const TURN_MS = 4000;
const WHOLE_TURNS = 4 * 360;
const disc = document.getElementById("disc");

if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
  const end = WHOLE_TURNS + Number(disc.dataset.turn);
  disc.animate([{ transform: "rotate(0deg)" }, { transform: `rotate(${end}deg)` }], {
    duration: TURN_MS,
    easing: "cubic-bezier(0.15, 0.75, 0.2, 1)",
  });
}

// A reload shows the page as it is now.
history.replaceState(null, "", location.pathname);
