/** Whether the side lies over the page, where it has no column of its own. */
class Drawer {
  open = $state(false);
}

export const drawer = new Drawer();
