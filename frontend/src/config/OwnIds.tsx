import React, { PropsWithChildren, useEffect, useRef } from 'react';

interface Props {
  prefix: string;
}

const ATTRIBUTES = ['id', 'for', 'aria-labelledby', 'aria-describedby', 'aria-controls'];

/**
 * Puts `prefix` before the element ids below it. plugin-ui's editors have fixed ids, and the page shows two of each:
 * without this a label of the log store would lead to the field of the trace store.
 */
export function OwnIds({ prefix, children }: PropsWithChildren<Props>) {
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = root.current;
    if (!element) {
      return undefined;
    }
    const rename = () => {
      for (const attribute of ATTRIBUTES) {
        element.querySelectorAll(`[${attribute}]`).forEach((each) => {
          const value = each.getAttribute(attribute);
          if (value && !value.startsWith(prefix)) {
            each.setAttribute(attribute, prefix + value);
          }
        });
      }
    };
    rename();
    // The editors show and hide fields by themselves.
    const observer = new MutationObserver(rename);
    observer.observe(element, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [prefix]);

  return <div ref={root}>{children}</div>;
}
