/** The one place where readings and owners meet. */
package dev.gpuexporter.attribution;
