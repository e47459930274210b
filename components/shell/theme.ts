import { createTheme, type MantineColorsTuple, Modal, Notification } from "@mantine/core";

const water: MantineColorsTuple = [
  "#e8f4f8",
  "#d3e5ec",
  "#a7cad8",
  "#77adc3",
  "#5095b1",
  "#3686a6",
  "#1c6f90",
  "#0f5f7f",
  "#084f6b",
  "#003e56",
];

/** Calm, dense, exact. */
export const theme = createTheme({
  primaryColor: "water",
  primaryShade: { light: 7, dark: 6 },
  colors: { water },
  autoContrast: true,
  luminanceThreshold: 0.32,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: "600" },
  defaultRadius: "sm",
  cursorType: "pointer",
  components: {
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { "aria-label": "Dismiss" } } }),
    // A dialog's header is no second banner of the page.
    Modal: Modal.extend({
      defaultProps: { attributes: { header: { role: "none" } }, closeButtonProps: { "aria-label": "Close" } },
    }),
  },
});
