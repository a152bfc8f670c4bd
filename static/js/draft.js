// Designs: where exactly a part of the picture was pressed, and a slider over two versions. All of it works without.
document.querySelectorAll("[data-parts]").forEach((parts) => {
  parts.addEventListener("click", (event) => {
    const form = parts.closest("form");
    const box = parts.getBoundingClientRect();
    const pressed = event.detail > 0 && box.width && box.height; // by the keyboard there is no such point
    form.elements.x.value = pressed ? (((event.clientX - box.left) / box.width) * 100).toFixed(2) : "";
    form.elements.y.value = pressed ? (((event.clientY - box.top) / box.height) * 100).toFixed(2) : "";
  });
});
document.querySelectorAll(".compare.whole").forEach((compare) => {
  const after = compare.querySelector(".after img");
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: 0, max: 100, value: 50, className: "wipe" });
  slider.setAttribute("aria-label", compare.querySelector("legend").textContent);
  const wipe = (per_cent) => after.style.setProperty("clip-path", `inset(0 0 0 ${100 - per_cent}%)`);
  slider.addEventListener("input", () => wipe(slider.value));
  compare.querySelectorAll("[type=radio]").forEach((radio, index) => {
    radio.addEventListener("change", () => { slider.value = index * 50; wipe(slider.value); });
  });
  compare.querySelector(".stage").before(slider);
});
