/* Every page: say that scripts run; drop fields take what is dragged on them and refuse what is too large before it is sent. */
"use strict";
document.documentElement.classList.add("js");

for (const zone of document.querySelectorAll(".drop")) {
  const form = zone.closest("form");
  const field = zone.querySelector("input[type=file]");
  const told = zone.querySelector(".told-here");
  const most = Number(zone.dataset.most);
  const large = () => [...field.files].find((file) => file.size > most);
  const tell = () => {
    const file = large();
    told.hidden = !file;
    told.textContent = file ? `${file.name} is too large: ${Math.round(file.size / 1e6)} MB. This page takes up to ${Math.round(most / 1048576)} MB.` : "";
    return !file;
  };
  for (const kind of ["dragenter", "dragover"]) zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    field.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  field.addEventListener("change", tell);
  form.addEventListener("submit", (event) => {
    if (!field.files.length) { event.preventDefault(); field.click(); }
    else if (!tell()) event.preventDefault();
  });
}
