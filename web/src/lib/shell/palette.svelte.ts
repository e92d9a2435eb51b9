/** What can be opened from anywhere: the palette, and the list of keys. */
class PaletteState {
  open = $state(false);
  shortcuts = $state(false);
}

export const palette = new PaletteState();
