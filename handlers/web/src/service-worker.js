// Comes with the document page.
