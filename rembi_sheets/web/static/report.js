/* Report and open finding: keys n, p, e. All of it is also there as links. Keys can be switched off (WCAG 2.1.4). */
"use strict";

/* A mini sheet is a stop of the Tab key only where it scrolls; then its marked cell is brought into view. */
for (const sheet of document.querySelectorAll(".mini")) {
  const cell = sheet.querySelector(".cell");
  if (sheet.scrollWidth <= sheet.clientWidth) sheet.removeAttribute("tabindex");
  else if (cell) sheet.scrollLeft = Math.max(0, cell.offsetLeft + cell.offsetWidth - sheet.clientWidth);
}

const findings = [...document.querySelectorAll(".finding")];
const toggle = document.getElementById("keys") ?? document.createElement("button");
let on = sessionStorage.getItem("keys") !== "off";
let here = -1;

const tell = () => {
  toggle.setAttribute("aria-pressed", String(on));
  toggle.textContent = `Keys: n next, p previous – ${on ? "on" : "off"}`;
};
const go = (step) => {
  const link = document.getElementById(step > 0 ? "next" : "previous");
  if (link) { link.click(); return; }
  if (!findings.length) return;
  here = Math.min(findings.length - 1, Math.max(0, here + step));
  findings.forEach((finding, index) => finding.classList.toggle("here", index === here));
  findings[here].focus({ preventScroll: true });
  findings[here].scrollIntoView({ block: "start" });
};
const edit = () => {
  const cell = document.getElementById("cell");
  if (cell) cell.focus();
  else findings[here]?.querySelector(".edit").click();
};
toggle.addEventListener("click", () => { on = !on; sessionStorage.setItem("keys", on ? "on" : "off"); tell(); });
document.addEventListener("focusin", (event) => {
  const index = findings.indexOf(event.target.closest(".finding"));
  if (index >= 0) here = index;
});
document.addEventListener("keydown", (event) => {
  if (!on || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.key === "n") go(1);
  else if (event.key === "p") go(-1);
  else if (event.key === "e") edit();
  else return;
  event.preventDefault();
});
tell();
