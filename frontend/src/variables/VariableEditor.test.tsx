import React from 'react';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

import { SpanlogDatasource } from '../datasource';
import { instanceSettings } from '../testing/settings';
import { VariableQuery } from './types';
import { VariableEditor } from './VariableEditor';

function setUp(query: Partial<VariableQuery> = {}) {
  const onChange = jest.fn();
  const datasource = new SpanlogDatasource(instanceSettings());
  render(
    <VariableEditor
      datasource={datasource}
      query={{ refId: 'v', ...query }}
      onChange={onChange}
      onRunQuery={jest.fn()}
    />
  );
  return { user: userEvent.setup(), onChange };
}

describe('VariableEditor', () => {
  it('lists services unless told otherwise', () => {
    setUp();
    expect(screen.getByLabelText('Values of')).toHaveValue('Services');
    expect(screen.queryByLabelText('Tag')).not.toBeInTheDocument();
  });

  it('offers the other lists', async () => {
    const { user, onChange } = setUp();
    await user.click(screen.getByLabelText('Values of'));
    await user.click(await screen.findByRole('option', { name: 'Tag' }));
    expect(onChange).toHaveBeenCalledWith(expect.objectContaining({ list: 'tag-values' }));
  });

  it('asks when a tag was typed, not at each letter', async () => {
    const { user, onChange } = setUp({ list: 'tag-values' });
    await user.type(screen.getByLabelText('Tag'), 'span.model');
    expect(onChange).not.toHaveBeenCalled();

    await user.tab();
    expect(onChange).toHaveBeenCalledTimes(1);
    expect(onChange).toHaveBeenCalledWith(expect.objectContaining({ list: 'tag-values', argument: 'span.model' }));
  });
});
