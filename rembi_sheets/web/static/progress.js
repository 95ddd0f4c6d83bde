/* Progress: look whether it is ready, and go on to it; tell how far it is. Without this file "Look again" does. */
"use strict";
{
  const waiting = document.getElementById("waiting");
  const told = document.getElementById("told");
  const bar = waiting.querySelector("progress");
  const look = async () => {
    try {
      const answer = await fetch(waiting.dataset.state);
      const state = answer.ok ? await answer.json() : { ready: true };
      if (state.ready) { location.replace(location.pathname + location.search); return; }
      if (state.told && told.textContent !== state.told) told.textContent = state.told;
      if (typeof state.share === "number") bar.value = state.share;
    } catch { /* the page is not reached just now: look again */ }
    setTimeout(look, 700);
  };
  look();
}
