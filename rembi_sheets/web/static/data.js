/* Data folder: the browser's picker; its names and sizes go as text, the files stay. Without this file they are typed. */
"use strict";
{
  const form = document.getElementById("folder-form");
  const lines = document.getElementById("files");
  const label = document.querySelector("label[for=files]");
  const picker = document.createElement("input");
  picker.type = "file";
  picker.id = "folder";
  picker.webkitdirectory = true; // no name: nothing of it is sent
  picker.setAttribute("aria-describedby", "files-hint");
  label.htmlFor = picker.id;
  label.textContent = "Data folder";
  document.getElementById("files-hint").textContent = "The folder in which the images lie.";
  lines.hidden = true;
  lines.before(picker);
  form.addEventListener("submit", (event) => {
    if (!picker.files.length) { event.preventDefault(); picker.click(); return; }
    lines.value = [...picker.files].map((file) => `${file.webkitRelativePath || file.name}\t${file.size}`).join("\n");
    const picked = document.createElement("input");
    picked.type = "hidden";
    picked.name = "picked";
    picked.value = "1";
    form.append(picked);
  });
}
