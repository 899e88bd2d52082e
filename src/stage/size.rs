//! How large an element is, and a canvas that keeps up with it.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ResizeObserver};
use yew::prelude::*;

/// The size of an element in whole CSS pixels; zero until it is known.
#[hook]
pub(super) fn use_size(node: &NodeRef) -> (u32, u32) {
    let size = use_state_eq(|| (0, 0));
    let setter = size.setter();
    let node = node.clone();
    use_effect_with((), move |()| {
        let watched = node.cast::<Element>().map(|element| {
            let measured = element.clone();
            let measure = Rc::new(move || {
                let width = measured.client_width().max(0);
                setter.set((width as u32, measured.client_height().max(0) as u32));
            });
            measure();
            let callback = Closure::<dyn Fn()>::new(move || measure());
            let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
            if let Some(observer) = &observer {
                observer.observe(&element);
            }
            (observer, callback)
        });
        move || {
            if let Some((Some(observer), _callback)) = watched {
                observer.disconnect();
            }
        }
    });
    *size
}

/// A canvas with as many pixels as the screen has.
pub(super) struct Sheet {
    /// What is painted with.
    pub(super) context: CanvasRenderingContext2d,
    canvas: HtmlCanvasElement,
    /// In CSS pixels.
    pub(super) size: (u32, u32),
    ratio: f64,
}

impl Sheet {
    /// The sheet on a canvas.
    pub(super) fn on(node: &NodeRef) -> Option<Self> {
        let canvas = node.cast::<HtmlCanvasElement>()?;
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self {
            context,
            canvas,
            size: (0, 0),
            ratio: 0.0,
        })
    }

    /// Takes the size of its element; true if that has changed, which also wipes it.
    pub(super) fn fit(&mut self, size: (u32, u32)) -> bool {
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        if self.size == size && (self.ratio - ratio).abs() < 1e-9 {
            return false;
        }
        (self.size, self.ratio) = (size, ratio);
        let pixels = |length: u32| (f64::from(length) * ratio).round() as u32;
        self.canvas.set_width(pixels(size.0));
        self.canvas.set_height(pixels(size.1));
        true
    }

    /// Wipes it, and sets CSS pixels as the unit.
    pub(super) fn clear(&self) {
        // Fails only for a matrix that cannot be inverted.
        let _ = self
            .context
            .set_transform(self.ratio, 0.0, 0.0, self.ratio, 0.0, 0.0);
        let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
        self.context.clear_rect(0.0, 0.0, width, height);
        self.context.set_global_alpha(1.0);
    }
}
