// What stands typed in one form of the page is there again after the button of another. From the one page to the next it
// waits in this window alone. What was told in confidence is written down nowhere: before it is lost, the browser asks.
(function () {
  var KEY = "typed in " + location.pathname;
  var FIELDS = "input[type=text], input[type=date], input[type=search], input:not([type]), textarea, select";

  function address(form) { return form.getAttribute("action"); }

  function forms() {
    return Array.from(document.querySelectorAll("main form[method=post]")).filter(function (form) { return form.id !== "review-form"; });
  }

  function changed(form) {
    return Array.from(form.querySelectorAll(FIELDS)).filter(function (field) {
      return field.options ? !field.options[field.selectedIndex].defaultSelected && field.selectedIndex > 0 : field.value !== field.defaultValue;
    });
  }

  function secret(field) { return field.dataset.inConfidence !== undefined; }

  var left = JSON.parse(sessionStorage.getItem(KEY) || "{}");
  sessionStorage.removeItem(KEY);
  forms().forEach(function (form) {
    var typed = left[address(form)];
    if (!typed) return;
    Object.keys(typed).forEach(function (name) { if (form.elements[name]) form.elements[name].value = typed[name]; });
    for (var each = form.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
    form.querySelectorAll("details").forEach(function (each) { each.open = true; });
  });

  var sent = null;
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented) return;
    sent = event.target;
    var kept = {};
    forms().forEach(function (form) {
      var fields = form === sent ? [] : changed(form).filter(function (field) { return !secret(field); });
      if (fields.length) kept[address(form)] = Object.fromEntries(fields.map(function (field) { return [field.name, field.value]; }));
    });
    if (Object.keys(kept).length) sessionStorage.setItem(KEY, JSON.stringify(kept));
  });
  window.addEventListener("beforeunload", function (event) {
    if (forms().some(function (form) { return form !== sent && changed(form).some(secret); })) event.preventDefault();
  });
})();
