import React, { KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { css, cx } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { TextArea, useStyles2 } from '@grafana/ui';

import { text } from '../text';
import { Completer, Completion, Suggestion } from './complete/completer';

interface Props {
  id: string;
  value: string;
  placeholder?: string;
  completer?: Completer;
  /** Each change of the text. It must not start a request. */
  onChange: (value: string) => void;
  /** Shift+Enter. */
  onRun: () => void;
}

const MOVES = new Set(['ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown']);

/**
 * A text field for a query, with suggestions below it, by the keys that Grafana's query fields use. Follows the ARIA
 * pattern of an editable combobox with a list.
 */
export function CompletingField({ id, value, placeholder, completer, onChange, onRun }: Props) {
  const styles = useStyles2(getStyles);
  const listId = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const asked = useRef(0);
  const cursorAfter = useRef<number>();
  const [completion, setCompletion] = useState<Completion>();
  const [active, setActive] = useState(0);

  const close = () => {
    asked.current++;
    setCompletion(undefined);
  };

  const complete = async (content: string, cursor: number) => {
    const mine = ++asked.current;
    const found = await completer?.(content, cursor);
    // A later key has asked again, or the list was closed.
    if (mine === asked.current) {
      setCompletion(found);
      setActive(0);
    }
  };

  const take = ({ insert }: Suggestion) => {
    if (!completion) {
      return;
    }
    const { from, to } = completion;
    cursorAfter.current = from + insert.length;
    onChange(value.slice(0, from) + insert + value.slice(to));
    close();
  };

  // React puts the cursor at the end of a value that was set; a suggestion may stand in the middle.
  useEffect(() => {
    if (cursorAfter.current !== undefined && area.current) {
      area.current.setSelectionRange(cursorAfter.current, cursorAfter.current);
      cursorAfter.current = undefined;
    }
  }, [value]);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && event.shiftKey) {
      event.preventDefault();
      close();
      onRun();
      return;
    }
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      complete(value, event.currentTarget.selectionStart);
      return;
    }
    if (!completion) {
      return;
    }
    const { items } = completion;
    const keys: Record<string, () => void> = {
      ArrowDown: () => setActive((active + 1) % items.length),
      ArrowUp: () => setActive((active + items.length - 1) % items.length),
      Enter: () => take(items[active]),
      Tab: () => take(items[active]),
      Escape: close,
    };
    // The suggestions are for the place where the cursor was.
    if (MOVES.has(event.key)) {
      close();
      return;
    }
    const act = keys[event.key];
    if (act) {
      event.preventDefault();
      event.stopPropagation();
      act();
    }
  };

  const optionId = (index: number) => `${listId}-${index}`;

  return (
    <div className={styles.wrapper}>
      <TextArea
        id={id}
        ref={area}
        className={styles.area}
        rows={Math.min(8, value.split('\n').length)}
        spellCheck={false}
        autoComplete="off"
        value={value}
        placeholder={placeholder}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={Boolean(completion)}
        aria-controls={listId}
        aria-activedescendant={completion ? optionId(active) : undefined}
        onChange={(event) => {
          const { value: content, selectionStart } = event.currentTarget;
          onChange(content);
          complete(content, selectionStart);
        }}
        onKeyDown={onKeyDown}
        onMouseDown={close}
        onBlur={close}
      />
      {completion && (
        <ul className={styles.list} id={listId} role="listbox" aria-label={text.query.suggestions}>
          {completion.items.map((item, index) => (
            <Option
              key={item.insert}
              id={optionId(index)}
              item={item}
              isActive={index === active}
              onTake={() => take(item)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

interface OptionProps {
  id: string;
  item: Suggestion;
  isActive: boolean;
  onTake: () => void;
}

function Option({ id, item, isActive, onTake }: OptionProps) {
  const styles = useStyles2(getStyles);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isActive) {
      row.current?.scrollIntoView?.({ block: 'nearest' });
    }
  }, [isActive]);

  return (
    <li
      id={id}
      ref={row}
      role="option"
      aria-selected={isActive}
      className={cx(styles.option, isActive && styles.active)}
      // A click would take the focus, and with it the list, away first.
      onMouseDown={(event) => {
        event.preventDefault();
        onTake();
      }}
    >
      {item.label}
      {item.detail && <span className={styles.detail}>{item.detail}</span>}
    </li>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  wrapper: css({ position: 'relative', width: '100%', flexGrow: 1 }),
  area: css({
    minHeight: theme.spacing(theme.components.height.md),
    padding: theme.spacing(0.75, 1),
    resize: 'none',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  list: css({
    position: 'absolute',
    zIndex: theme.zIndex.dropdown,
    top: '100%',
    left: 0,
    minWidth: theme.spacing(40),
    maxWidth: '100%',
    maxHeight: theme.spacing(32),
    overflowY: 'auto',
    margin: theme.spacing(0.5, 0, 0),
    padding: theme.spacing(0.5, 0),
    listStyle: 'none',
    background: theme.colors.background.elevated ?? theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z3,
  }),
  option: css({
    padding: theme.spacing(0.5, 1),
    cursor: 'pointer',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    '&:hover': { background: theme.colors.action.hover },
  }),
  active: css({ background: theme.colors.action.selected }),
  detail: css({ marginLeft: theme.spacing(2), color: theme.colors.text.secondary }),
});
