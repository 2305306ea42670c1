// Draws the schematics, makes what is too large fit its slide, then hands over to reveal.js.
"use strict";

const SMALLEST = 0.55; // of the size of letters: below, a slide holds too much
const root = document.documentElement;

function setTheme(theme) {
  root.dataset.theme = theme;
}

function otherTheme() {
  setTheme(root.dataset.theme === "dark" ? "light" : "dark");
}

// A schematic is drawn from left to right and from top to bottom; what can be larger stays.
async function drawSchematic(box, number) {
  const source = box.textContent;
  const ways = [source];
  if (/^\s*flowchart LR/.test(source)) ways.push(source.replace("flowchart LR", "flowchart TB"));
  box.textContent = "";
  const { width, height } = box.getBoundingClientRect();
  let best = null;
  for (const [way, text] of ways.entries()) {
    const { svg } = await mermaid.render(`schematic-${number}-${way}`, text);
    const holder = document.createElement("div");
    holder.innerHTML = svg;
    const drawing = holder.querySelector("svg");
    const { width: wide, height: high } = drawing.viewBox.baseVal;
    const scale = Math.min(width / wide, height / high, 1.7);
    if (!best || scale > 1.1 * best.scale) best = { drawing, scale, wide, high };
  }
  best.drawing.setAttribute("width", best.wide * best.scale);
  best.drawing.setAttribute("height", best.high * best.scale);
  best.drawing.setAttribute("aria-hidden", "true"); // its box has the words
  box.append(best.drawing);
}

async function drawSchematics() {
  const boxes = [...document.querySelectorAll(".drawing")];
  if (!boxes.length) return;
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: "base",
    fontFamily: getComputedStyle(document.body).fontFamily,
    themeVariables: { fontSize: "20px" },
    flowchart: { nodeSpacing: 26, rankSpacing: 28, padding: 10, diagramPadding: 2 },
  });
  for (const [number, box] of boxes.entries()) await drawSchematic(box, number);
}

function overflows(body) {
  return body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth + 1;
}

// A figure takes what is left, so it must be left a good part of the slide.
function squeezed(body) {
  const picture = body.querySelector(":scope > figure img");
  return picture && picture.clientHeight < 300;
}

function fit() {
  for (const body of document.querySelectorAll(".body")) {
    for (let size = 1; size > SMALLEST && (overflows(body) || squeezed(body)); size -= 0.05) {
      body.style.setProperty("--fit", (size - 0.05).toFixed(2));
    }
  }
}

async function start() {
  const asked = new URLSearchParams(location.search);
  const prints = asked.has("print-pdf");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches && !prints;
  setTheme(asked.get("theme") || (dark ? "dark" : "light"));
  const deck = document.querySelector(".reveal");
  deck.classList.add("measuring");
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  await document.fonts.ready;
  fit();
  await drawSchematics();
  deck.classList.remove("measuring");
  await Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    hash: true,
    navigationMode: "linear",
    transition: "none",
    slideNumber: "c/t",
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
    plugins: [RevealNotes],
  });
  Reveal.addKeyBinding({ keyCode: 84, key: "T", description: "Light or dark" }, otherTheme);
  root.dataset.ready = "yes";
}

start();
