// Putting files into a form's own input, as if they had been chosen there.

export function setFiles(input, files) {
  const held = new DataTransfer();
  for (const file of files) {
    held.items.add(file);
  }
  input.files = held.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

export function addFiles(input, files) {
  setFiles(input, [...input.files, ...files]);
}
