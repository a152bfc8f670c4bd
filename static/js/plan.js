// The plan can be dragged with a mouse; fingers, scroll bars, arrow keys and the links above it do the same without this.
document.querySelectorAll("[data-pan]").forEach((box) => {
  let from = null;
  box.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0) from = [event.clientX, event.clientY, box.scrollLeft, box.scrollTop];
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const moved = [event.clientX - from[0], event.clientY - from[1]];
    if (Math.abs(moved[0]) + Math.abs(moved[1]) < 6) return;
    box.classList.add("panning");
    box.scrollTo(from[2] - moved[0], from[3] - moved[1]);
  });
  window.addEventListener("pointerup", () => {
    from = null;
    setTimeout(() => box.classList.remove("panning"));
  });
  box.addEventListener("dragstart", (event) => event.preventDefault());
  box.addEventListener("click", (event) => box.classList.contains("panning") && event.preventDefault(), true);
  // On a narrow screen the middle of the lane is a better start than the corner.
  if (!location.hash) box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
});
