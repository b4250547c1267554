/** An element that the page is known to have. */
export function elementOf(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`expected an element ${id} in the page, found none`);
  return element;
}

/** The data that the page was made with. */
export function dataOf(id: string): unknown {
  return JSON.parse(elementOf(id).textContent);
}
