import React from 'react';
import { ConfigSection } from '@grafana/plugin-ui';

import { text } from '../text';
import { LimitOptions } from '../types';
import { NumberField } from './fields';
import { compact, SectionProps } from './section';

const words = text.config.limits;

/** The backend's defaults, shown where nothing is set. */
const DEFAULTS: Required<LimitOptions> = {
  responseBytes: 268_435_456,
  frameBytes: 67_108_864,
  attributeBytes: 262_144,
  spans: 50_000,
  concurrentQueries: 32,
};

// A record of all keys has them in their order.
const KEYS = Object.keys(DEFAULTS) as Array<keyof LimitOptions>;

/** What one answer may hold. */
export function LimitsSection({ options, readOnly, change }: SectionProps) {
  const limits = options.limits ?? {};
  return (
    <ConfigSection title={words.title} description={words.description} isCollapsible isInitiallyOpen={false}>
      {KEYS.map((key) => (
        <NumberField
          key={key}
          id={`limits-${key}`}
          label={words[key]}
          value={limits[key]}
          placeholder={String(DEFAULTS[key])}
          readOnly={readOnly}
          onChange={(value) => change({ limits: compact({ ...limits, [key]: value }) })}
        />
      ))}
    </ConfigSection>
  );
}
