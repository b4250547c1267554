import { elementOf } from './element.ts';

interface KeyListeners {
  /** Id of what has the page's own keys: where one goes from the filter. */
  readonly home: string;
  readonly ignores: (event: KeyboardEvent) => boolean;
  readonly clearFilter: () => void;
  /** Whether the key did something; `atHome`: no other part has the focus. */
  readonly pressed: (event: KeyboardEvent, atHome: boolean) => boolean;
}

/** Leads each key to the field of the filter or to the page. */
export function listenToKeys({ home, ignores, clearFilter, pressed }: KeyListeners): void {
  /** Keys in the field of the filter: those that leave it lead home. */
  const inFilter = ({ key }: KeyboardEvent): boolean => {
    if (!['Escape', 'Enter', 'ArrowDown'].includes(key)) return false;
    if (key === 'Escape') clearFilter();
    elementOf(home).focus();
    return true;
  };
  addEventListener('keydown', (event) => {
    if (ignores(event)) return;
    const { target } = event;
    const atHome = target === elementOf(home) || target === document.body;
    const taken = target === elementOf('filter') ? inFilter(event) : pressed(event, atHome);
    if (taken) event.preventDefault();
  });
}
