// Small comforts; every page works without them.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
document.querySelectorAll("[data-print-hint]").forEach((hint) => {
  hint.hidden = true;
});
// After a refused form, reading goes on at what has to be mended.
document.querySelector("#errors")?.focus();
