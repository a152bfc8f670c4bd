// Names for what Django's own scripts draw without one: search boxes of choices, and the empty corner of a table.
"use strict";
(function () {
  function name(select) {
    var label = document.querySelector('label[for="' + select.id + '"]');
    var box = select.nextElementSibling;
    if (!label || !box || !box.classList.contains("select2")) return;
    if (!label.id) label.id = "label-" + select.id;
    box.querySelectorAll('[role="combobox"], [role="textbox"]').forEach(function (part) {
      part.setAttribute("aria-labelledby", label.id);
    });
    box.querySelectorAll("input.select2-search__field").forEach(function (part) {
      part.setAttribute("aria-labelledby", label.id);
    });
  }
  // On a phone a list's rows stand one below the other (css/admin-portal.css): each cell then needs its head beside it, and
  // the parts say what they are, because a table that is laid out otherwise is none to a screen reader.
  function lists() {
    var table = document.getElementById("result_list");
    if (!table) return;
    var heads = Array.from(table.querySelectorAll("thead th"));
    table.setAttribute("role", "table");
    table.querySelectorAll("thead, tbody").forEach(function (part) { part.setAttribute("role", "rowgroup"); });
    heads.forEach(function (head) { head.setAttribute("role", "columnheader"); });
    table.querySelectorAll("tr").forEach(function (row) { row.setAttribute("role", "row"); });
    table.querySelectorAll("tbody tr").forEach(function (row) {
      Array.from(row.cells).forEach(function (cell, at) {
        cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
        cell.classList.toggle("nothing", cell.textContent.trim() === "-");
        var text = heads[at] && heads[at].querySelector(".text");
        if (text && row.cells.length === heads.length && !cell.classList.contains("action-checkbox")) cell.dataset.label = text.textContent.trim();
      });
    });
    table.classList.add("labelled");
  }
  function all() {
    document.querySelectorAll("select.admin-autocomplete").forEach(name);
    document.querySelectorAll(".tabular td").forEach(function (cell) {
      var column = (cell.className.match(/\bfield-(\S+)/) || [])[1];
      var head = column && cell.closest("table").querySelector("th.column-" + column);
      if (!head) return;
      cell.querySelectorAll("input:not([type=hidden]), select, textarea").forEach(function (field) {
        if (!field.labels.length && !field.getAttribute("aria-label")) field.setAttribute("aria-label", head.textContent.trim());
      });
      cell.querySelectorAll('[role="combobox"], [role="textbox"], input.select2-search__field').forEach(function (field) {
        field.removeAttribute("aria-labelledby");
        field.setAttribute("aria-label", head.textContent.trim());
      });
    });
    document.querySelectorAll(".tabular td.delete input").forEach(function (field) {
      var heads = field.closest("table").querySelectorAll("thead th");
      field.setAttribute("aria-label", heads[heads.length - 1].textContent.trim());
    });
    document.querySelectorAll(".tabular thead th").forEach(function (head) {
      if (head.textContent.trim()) return;
      var words = document.createElement("span");
      words.className = "visually-hidden";
      words.textContent = "–";
      head.appendChild(words);
    });
  }
  lists();
  window.addEventListener("load", function () { window.setTimeout(all, 0); });
  document.addEventListener("formset:added", function () { window.setTimeout(all, 0); });
})();
