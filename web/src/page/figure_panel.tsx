// One view: a canvas with the marks, a canvas above it for what moves (hover, selection, brush), and a tip beside the mark.
import { effect, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { buildScene } from '../plots/build_scene';
import { drawScene } from '../plots/draw_canvas';
import { drawOverlay } from '../plots/draw_overlay';
import { Picker } from '../plots/picking';
import { describe, savePng, saveSvg } from '../plots/save';
import { back } from '../plots/scale';
import { viewCaption, viewTitle } from '../plots/view_words';
import type { App } from '../state/app';
import type { ViewName } from '../state/hash';
import { paletteOf } from '../state/theme';
import { figureKeys } from './figure_keys';
import { FigureTip } from './figure_tip';

interface Props {
  app: App;
  view: ViewName;
  height: number; // at most: a square figure is as high as wide
  children?: ComponentChildren; // beside the picture
}

const kReach = 14;
const kDragFrom = 5;

function context(canvas: HTMLCanvasElement, width: number, height: number, scale: number): CanvasRenderingContext2D {
  const w = Math.round(width * scale), h = Math.round(height * scale);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  return canvas.getContext('2d', { willReadFrequently: true })!;
}

export function FigurePanel({ app, view, height: most, children }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null), over = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  const height = view === 'specificity' && width.value > 0 ? Math.min(most, width.value) : most;
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);

  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => (width.value = Math.floor(entry.contentRect.width)));
    watch.observe(host.current!);
    return () => watch.disconnect();
  }, []);

  const options = {
    width: width.value, height, group: app.group.value, indexGroup: app.indexGroup.value, perUnit: app.perUnit.value,
  };
  const placement = app.placement(view);
  // A change that this view does not show must not cost a drawing: the index layer is of the index view alone.
  const indexGroup = view === 'index' ? options.indexGroup : 0;
  const scene = useMemo(
    () => (options.width > 0 ? buildScene(app.report, view, placement, options) : null),
    [app, placement, options.width, height, options.group, indexGroup, options.perUnit],
  );
  const picker = useMemo(() => (scene ? new Picker(scene.marks, app.report.units.n) : null), [scene]);

  useEffect(() => {
    if (!scene) return;
    const draw = () => {
      const scale = Math.min(3, devicePixelRatio || 1);
      drawScene(context(base.current!, scene.width, height, scale), scene, app.report.units, paletteOf(app.theme.peek()), scale, app.emphasised.peek());
    };
    const frame = requestAnimationFrame(draw);
    addEventListener('beforeprint', draw); // no frame comes before the page is on paper
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('beforeprint', draw);
    };
  }, [scene, app.drawVersion.value, app.emphasised.value]);

  // Anew for each scene: marks of another layer lie elsewhere.
  useEffect(() => effect(() => {
    app.drawVersion.value;
    const state = { selected: app.selected.value, hovered: app.hovered.value, compared: app.compared.value, brush: app.brush.value };
    if (!scene || !picker) return;
    const scale = Math.min(3, devicePixelRatio || 1);
    drawOverlay(context(over.current!, scene.width, height, scale), scale, scene, picker, view, app.report.units, paletteOf(app.theme.peek()), state);
  }), [scene, picker]);

  const at = (event: PointerEvent | MouseEvent): [number, number] => {
    const box = over.current!.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const groupAt = (x: number, y: number): number | null => {
    const { left, right, top, bottom } = scene!.frame;
    if (view !== 'layers' || x < left || x > right || y < top || y > bottom + 20) return null;
    return Math.min(app.report.units.groups.length - 1, Math.floor(back(scene!.x, x)));
  };
  const brushTo = (x: number, y: number) => {
    const from = drag.current!, { frame } = scene!;
    const clampX = (v: number) => Math.max(frame.left, Math.min(frame.right, v));
    const clampY = (v: number) => Math.max(frame.top, Math.min(frame.bottom, v));
    const xs = [from.x, x].map(clampX).sort((a, b) => a - b).map((v) => back(scene!.x, v));
    const ys = [from.y, y].map(clampY).sort((a, b) => b - a).map((v) => back(scene!.y, v));
    app.brush.value = { view, x0: xs[0], x1: xs[1], y0: ys[0], y1: ys[1] };
  };

  // At most once a frame: every brush draws all views.
  const waiting = useRef(0);
  const brushSoon = (x: number, y: number) => {
    cancelAnimationFrame(waiting.current);
    waiting.current = requestAnimationFrame(() => drag.current && brushTo(x, y));
  };

  const onMove = (event: PointerEvent) => {
    if (!scene) return;
    const [x, y] = at(event);
    if (drag.current && view !== 'layers') {
      if (Math.hypot(x - drag.current.x, y - drag.current.y) > kDragFrom) drag.current.moved = true;
      if (drag.current.moved) return brushSoon(x, y);
    }
    const mark = view === 'layers' ? -1 : picker!.nearest(x, y, kReach);
    app.hovered.value = mark < 0 ? null : scene.marks.rows[mark];
  };
  const onUp = (event: PointerEvent) => {
    if (!scene || !drag.current) return; // begun elsewhere
    const [x, y] = at(event);
    const { moved } = drag.current;
    if (moved) {
      cancelAnimationFrame(waiting.current);
      brushTo(x, y);
    }
    drag.current = null;
    if (moved) return;
    const group = groupAt(x, y);
    if (group !== null) return app.zoom(app.group.value === group ? null : group);
    const mark = view === 'layers' ? -1 : picker!.nearest(x, y, kReach);
    if (mark >= 0) app.select(scene.marks.rows[mark]);
    else if (app.brush.value) app.brush.value = null;
  };

  const title = viewTitle(app, view);
  const fileName = `penfield-${view}`;
  return (
    <figure class={`view ${view}`}>
      <figcaption>
        <h3>{title}</h3>
        <span class="save">
          <button type="button" class="plain" aria-label={`Save “${title}” as SVG`}
            onClick={() => scene && saveSvg(fileName, scene, app.report, title, viewCaption(app, view))}>SVG</button>
          <button type="button" class="plain" aria-label={`Save “${title}” as PNG`}
            onClick={() => scene && savePng(fileName, scene, app.report, title)}>PNG</button>
        </span>
      </figcaption>
      <div ref={host} class="canvas-host" style={{ height: `${height}px` }} role="application" tabIndex={0}
        aria-label={`${title}. ${scene ? describe(scene) : ''} Arrow keys move from unit to unit, Enter selects; the table holds the same numbers.`}
        onKeyDown={(event) => scene && figureKeys(app, view, scene, picker!, event)}
        onBlur={() => (app.hovered.value = null)}>
        <canvas ref={base} style={{ width: `${width.value}px`, height: `${height}px` }} aria-hidden="true" />
        <canvas ref={over} style={{ width: `${width.value}px`, height: `${height}px` }} aria-hidden="true"
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            const [x, y] = at(event);
            drag.current = { x, y, moved: false };
            if (event.pointerType === 'mouse') over.current!.setPointerCapture(event.pointerId);
          }}
          onPointerMove={onMove} onPointerUp={onUp}
          onPointerCancel={() => (drag.current = null)}
          onPointerLeave={() => (app.hovered.value = null)} />
        {scene && picker && <FigureTip app={app} scene={scene} picker={picker} />}
      </div>
      {children}
      <p class="caption">{viewCaption(app, view)}</p>
    </figure>
  );
}
