export type Theme = 'system' | 'light' | 'dark';

const key = 'skyflo.theme';

/** The chosen theme. The head script in app.html makes the same choice before the first paint. */
class ThemeChoice {
  #chosen = $state<Theme>(stored());

  get chosen(): Theme {
    return this.#chosen;
  }

  choose(theme: Theme): void {
    this.#chosen = theme;
    try {
      if (theme === 'system') localStorage.removeItem(key);
      else localStorage.setItem(key, theme);
    } catch {
      // Storage may be forbidden; the choice then holds until the page is left.
    }
    this.apply();
  }

  /** Follows the system while nothing else is chosen; returns how to stop. */
  follow(): () => void {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const apply = (): void => this.apply();
    system.addEventListener('change', apply);
    return () => system.removeEventListener('change', apply);
  }

  private apply(): void {
    const dark =
      this.#chosen === 'dark' || (this.#chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  }
}

function stored(): Theme {
  // On the server there is nobody to have chosen.
  if (typeof document === 'undefined') return 'system';
  try {
    const value = localStorage.getItem(key);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

export const theme = new ThemeChoice();
