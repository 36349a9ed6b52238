// The review form is kept while it is typed in: a second after the last key it goes to the desk, as its writer's own
// draft. When the log-in has ended or the line is down, the words stay in the page and are sent again.
(function () {
  var state = document.getElementById("draft-state");
  var form = state && document.getElementById(state.dataset.form);
  if (!form || !window.fetch) return;
  var PAUSE = 1000, AGAIN = 5000; // milliseconds
  var timer = 0, sending = null;
  var unsent = false, failing = false, loggedOut = false, leaving = false;

  function tell(what, address) {
    var now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    state.textContent = state.dataset[what].replace("{time}", now);
    state.classList.toggle("caution", what !== "saved");
    if (!address) return;
    var link = document.createElement("a");
    link.href = address;
    if (what !== "behind") link.target = "_blank"; // here stands what is kept nowhere else
    link.textContent = state.dataset[what + "Link"];
    state.append(" ", link);
  }

  // A log-in changes the token, and the cookie has the new one. The buttons of this page need it too.
  function renewToken() {
    var cookie = document.cookie.split("; ").find(function (pair) { return pair.startsWith(state.dataset.cookie + "="); });
    if (!cookie) return;
    document.querySelectorAll('[name="csrfmiddlewaretoken"]').forEach(function (field) { field.value = cookie.split("=")[1]; });
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  // One at a time: the answer brings the version that the next one names.
  function send() {
    if (sending) return sending;
    clearTimeout(timer);
    unsent = false;
    renewToken();
    sending = fetch(state.dataset.address, { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then(function (answer) {
        failing = !answer.ok;
        loggedOut = answer.status === 401 || answer.status === 403;
        if (answer.ok) return answer.json().then(kept);
        if (answer.status === 409) tell("elsewhere", location.pathname + "#review");
        else if (loggedOut) tell("ended", state.dataset.login);
        else tell("failed");
        unsent = answer.status !== 409 && answer.status !== 422; // which no second try would change
      })
      .catch(function () {
        failing = unsent = true;
        tell("failed");
      })
      .then(function () {
        sending = null;
        if (unsent && !leaving) later(failing ? AGAIN : PAUSE);
      });
    return sending;
  }

  function kept(answer) {
    form.elements.known.value = answer.known;
    if (answer.behind) tell("behind", location.pathname + "#review");
    else tell("saved");
  }

  // Until every word that was typed is with the desk, or the desk takes none.
  function everything() {
    return Promise.resolve(sending || (unsent && send())).then(function () {
      return unsent && !failing ? everything() : null;
    });
  }

  form.addEventListener("input", function () {
    unsent = true;
    leaving = false;
    later(PAUSE);
  });
  // Whoever comes back from logging in elsewhere sees at once that nothing is lost.
  window.addEventListener("focus", function () { if (loggedOut) later(0); });
  document.addEventListener("submit", function (event) {
    if (!event.target.closest("main") || event.defaultPrevented) return;
    if (event.submitter && event.submitter.formTarget === "_blank") return; // a preview: this page stays
    clearTimeout(timer);
    if (loggedOut) { // it would be refused, and the page that holds the words be gone
      event.preventDefault();
      later(0);
    } else if (leaving || (event.target === form && !sending)) {
      leaving = true;
      failing = false;
    } else if (unsent || sending) { // the page comes back with these words, and this form names what is kept
      event.preventDefault();
      leaving = true;
      (event.target === form ? sending : everything()).then(function () {
        if (loggedOut) leaving = false;
        else event.target.requestSubmit(event.submitter);
      });
    }
  });
  window.addEventListener("pagehide", function () {
    if (unsent && !leaving) navigator.sendBeacon(state.dataset.address, new FormData(form));
  });
  window.addEventListener("beforeunload", function (event) { if (failing) event.preventDefault(); });
  window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
})();
