// Small comforts; every page works without them.
// For browsers whose style sheets cannot unfold: on paper nothing can be opened.
window.addEventListener("beforeprint", () => document.querySelectorAll(".fold").forEach((part) => { part.open = true; }));
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
document.querySelectorAll("[data-print-hint]").forEach((hint) => {
  hint.hidden = true;
});
// After a refused form, reading goes on at what has to be mended.
document.querySelector("#errors")?.focus();
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  const field = document.getElementById(button.dataset.copy);
  const said = document.getElementById(`${button.dataset.copy}-copied`);
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(field.value).then(
      () => { said.textContent = button.dataset.copied; },
      () => { field.focus(); field.select(); },
    );
  });
});
