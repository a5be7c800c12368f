// input[type=file][data-preview]: shows what was chosen before it is sent, names and pictures.

const SHOWN = 12;

function tile(file) {
  const item = document.createElement("li");
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = file.name;
  if (file.type.startsWith("image/") && file.type !== "image/svg+xml") {
    const image = document.createElement("img");
    image.alt = "";
    image.src = URL.createObjectURL(file);
    // A browser that cannot show HEIC still shows the name.
    const free = () => URL.revokeObjectURL(image.src);
    image.addEventListener("load", free);
    image.addEventListener("error", () => {
      free();
      image.replaceWith(sign(file));
    });
    figure.append(image);
  } else {
    figure.append(sign(file));
  }
  figure.append(caption);
  item.append(figure);
  return item;
}

function sign(file) {
  const box = document.createElement("span");
  box.className = "file";
  box.textContent = (file.name.split(".").pop() || "").slice(0, 5).toUpperCase();
  return box;
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("input[type=file][data-preview]")) {
    return;
  }
  let list = input.nextElementSibling;
  if (!list || !list.matches("ul.pictures")) {
    list = document.createElement("ul");
    list.className = "pictures";
    input.after(list);
  }
  list.replaceChildren(...Array.from(input.files).slice(0, SHOWN).map(tile));
});
