// wechaty falls back to this package when no puppet is given; ours is always passed explicitly.
throw new Error("no default puppet: pass a puppet instance to the wechaty channel");
