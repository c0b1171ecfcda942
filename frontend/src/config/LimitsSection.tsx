import React from 'react';
import { ConfigSection } from '@grafana/plugin-ui';

import { text } from '../text';
import { LimitOptions } from '../types';
import { NumberField } from './fields';
import { compact, SectionProps } from './section';

const words = text.config.limits;

interface Limit {
  key: keyof LimitOptions;
  /** The backend's default, shown where nothing is set. */
  default: number;
  range: [number, number];
}

const LIMITS: Limit[] = [
  { key: 'responseBytes', default: 268_435_456, range: [1_048_576, 2_147_483_648] },
  { key: 'frameBytes', default: 67_108_864, range: [65_536, 1_073_741_824] },
  { key: 'attributeBytes', default: 262_144, range: [256, 16_777_216] },
  { key: 'spans', default: 50_000, range: [1, 1_000_000] },
  { key: 'concurrentQueries', default: 256, range: [1, 10_000] },
];

/** What one answer may hold. */
export function LimitsSection({ options, readOnly, change }: SectionProps) {
  const limits = options.limits ?? {};
  return (
    <ConfigSection title={words.title} description={words.description} isCollapsible isInitiallyOpen={false}>
      {LIMITS.map(({ key, default: usual, range }) => (
        <NumberField
          key={key}
          id={`limits-${key}`}
          label={words[key]}
          value={limits[key]}
          placeholder={String(usual)}
          range={range}
          readOnly={readOnly}
          onChange={(value) => change({ limits: compact({ ...limits, [key]: value }) })}
        />
      ))}
    </ConfigSection>
  );
}
