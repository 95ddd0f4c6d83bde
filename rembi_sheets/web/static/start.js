/* Start: the live count. Without this file the form counts by its button. */
"use strict";
{
  const ask = document.getElementById("ask");
  const tally = document.getElementById("tally");
  const tabs = document.getElementById("tabs");
  let last = 0;
  ask.addEventListener("change", async () => {
    const mine = ++last;
    const choice = new URLSearchParams(new FormData(ask));
    choice.set("show", "tally");
    for (const own of ["token", "lab"]) choice.delete(own);
    const answer = await fetch(`/new?${choice}`);
    if (!answer.ok || mine !== last) return;
    const { told, sheets } = await answer.json();
    tally.querySelector("strong").textContent = told[0];
    tally.querySelector(".hint").textContent = told[1];
    tabs.replaceChildren(...sheets.map(([title, group]) => {
      const tab = document.createElement("li");
      tab.className = `g-${group}`;
      tab.textContent = title;
      return tab;
    }));
  });
}
