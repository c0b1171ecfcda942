// Jest setup provided by Grafana scaffolding
import './.config/jest-setup';

// jsdom has no layout: Grafana's menus ask what is visible, and their lists how high they are.
class NothingToObserve {
  observe() {}
  unobserve() {}
  disconnect() {}
}
global.IntersectionObserver = NothingToObserve;
global.ResizeObserver = NothingToObserve;
for (const side of ['offsetHeight', 'offsetWidth', 'clientHeight', 'clientWidth']) {
  Object.defineProperty(HTMLElement.prototype, side, { configurable: true, value: 300 });
}
Element.prototype.scrollIntoView = () => {};
Element.prototype.getBoundingClientRect = () => ({
  width: 300,
  height: 300,
  top: 0,
  left: 0,
  bottom: 0,
  right: 0,
  x: 0,
  y: 0,
});
// The scaffolding's canvas draws nothing; Grafana's lists measure their options with it.
HTMLCanvasElement.prototype.getContext = () => ({ measureText: (text) => ({ width: 8 * text.length }) });
