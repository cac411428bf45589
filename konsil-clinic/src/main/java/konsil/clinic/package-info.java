/** The tasks that people come for, put together from models and their inputs. Sees no training. */
package konsil.clinic;
