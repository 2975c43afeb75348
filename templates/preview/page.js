(() => {
  "use strict";
  const people = [...document.querySelectorAll(".person")];
  const links = [...document.querySelectorAll(".who a")];
  const DESKTOP = 640;
  const PHONE = 375;
  let width = innerWidth < 700 ? "phone" : "desktop";
  let current = null;

  // The frame is as wide as the chosen device, shrunk where that does not fit, and as high as its mail.
  function fit() {
    const screen = current && current.querySelector(".screen");
    if (!screen) return;
    const frame = screen.querySelector("iframe");
    const room = screen.clientWidth;
    const wanted = width === "phone" ? Math.min(PHONE, room) : Math.max(DESKTOP, Math.min(room, 680));
    const scale = Math.min(1, room / wanted);
    frame.style.width = `${wanted}px`;
    const body = frame.contentDocument && frame.contentDocument.body;
    const height = Math.max(body ? body.offsetHeight : 0, 320);
    frame.style.height = `${height}px`;
    frame.style.transform = scale < 1 ? `scale(${scale})` : "";
    screen.style.height = `${Math.ceil(height * scale)}px`;
    screen.classList.toggle("phone", width === "phone");
  }

  function show(moveFocus) {
    const wanted = location.hash.slice(1);
    current = people.find((person) => person.id === wanted) || people[0];
    if (!current) return;
    for (const person of people) person.hidden = person !== current;
    for (const link of links) {
      const here = link.hash.slice(1) === current.id;
      if (here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      if (here && moveFocus) link.scrollIntoView({ block: "nearest", inline: "center" });
    }
    fit();
    if (moveFocus && current.id === wanted) {
      current.focus({ preventScroll: true });
      const top = current.getBoundingClientRect().top;
      if (top < 0 || top > innerHeight / 2) current.scrollIntoView();
    }
  }

  function setWidth(name) {
    width = name;
    for (const button of document.querySelectorAll(".widths button")) {
      button.setAttribute("aria-pressed", String(button.dataset.width === name));
    }
    fit();
  }

  document.documentElement.classList.add("js");
  for (const group of document.querySelectorAll(".widths")) {
    group.hidden = false;
    group.addEventListener("click", (event) => {
      if (event.target.dataset.width) setWidth(event.target.dataset.width);
    });
  }
  for (const frame of document.querySelectorAll("iframe")) frame.addEventListener("load", fit);
  addEventListener("hashchange", () => show(true));
  addEventListener("resize", fit);
  setWidth(width);
  show(false);
})();
