/* Progress: look whether the report is ready, and go on to it. Without this file "Look again" does. */
"use strict";
{
  const waiting = document.getElementById("waiting");
  const look = async () => {
    try {
      const answer = await fetch(waiting.dataset.state);
      if (!answer.ok || (await answer.json()).ready) { location.replace(location.pathname + location.search); return; }
    } catch { /* the page is not reached just now: look again */ }
    setTimeout(look, 700);
  };
  look();
}
