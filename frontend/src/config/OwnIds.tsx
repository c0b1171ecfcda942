import React, { PropsWithChildren, useEffect, useRef } from 'react';

interface Props {
  prefix: string;
}

/**
 * Puts `prefix` before the element ids below it. plugin-ui's editors have fixed ids, and the page shows two of each:
 * without this a label of the log store would lead to the field of the trace store.
 */
export function OwnIds({ prefix, children }: PropsWithChildren<Props>) {
  const root = useRef<HTMLDivElement>(null);

  // After every render: the editors show and hide fields.
  useEffect(() => {
    for (const attribute of ['id', 'for', 'aria-labelledby', 'aria-describedby', 'aria-controls']) {
      root.current?.querySelectorAll(`[${attribute}]`).forEach((element) => {
        const value = element.getAttribute(attribute);
        if (value && !value.startsWith(prefix)) {
          element.setAttribute(attribute, prefix + value);
        }
      });
    }
  });

  return <div ref={root}>{children}</div>;
}
